import '../style.css'
import './guest-app'
