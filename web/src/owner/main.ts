import './style.css'
import './owner-app'
