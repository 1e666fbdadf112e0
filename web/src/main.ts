import './style.css'
import './ui/matthan-app'
